"""A reader that reads beside the one in service and is shown to nobody, held against decisions."""
