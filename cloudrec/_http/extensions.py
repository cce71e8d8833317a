"""Extensions of httpx's requests and responses that are ours."""

# Of a request: there while it is certain that nothing of it was sent.
UNSENT = "cloudrec.unsent"
# Of a request: what is called when it is written.
WRITTEN = "cloudrec.written"
# Of a response: what ends its connection.
ABORT = "cloudrec.abort"
