"""What every route works with: the request's context, rate limits, checks, background."""
