"""Static checks over the documents of a repository; each is a function from repository and index to faults."""
