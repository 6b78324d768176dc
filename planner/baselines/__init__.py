"""What happens to subscriptions, and when, if nobody acts."""
