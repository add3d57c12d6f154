-- The one place that says which version this is.
return "1.0.0"
