"""What may be taken off and who must agree: discount policies, discretion, the approval matrix, and findings."""
