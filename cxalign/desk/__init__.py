"""The desk: where analysts and editors work. Pages of our own, in both languages, beside the admin’s lists."""
