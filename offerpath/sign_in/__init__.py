"""Who asks: access tokens of an OpenID Connect issuer and personal API keys, as principals."""
