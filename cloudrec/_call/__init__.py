"""One call of the REST API, without sending it: credentials, hosts, retries, answers and errors."""
