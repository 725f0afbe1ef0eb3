"""What can be done, one file each: a use case reads, lets the core decide, and writes, in one transaction."""
