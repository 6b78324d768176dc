"""What is answered instead of a value: codes, problems, errors and faults."""
