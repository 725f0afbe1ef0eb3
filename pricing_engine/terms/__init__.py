"""What a contract says happens when it changes: fees, credits, reinstatement, use above the commitment, renewal."""
