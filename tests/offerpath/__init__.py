"""The application as its users meet it: settings, and the command line in processes of its own."""
