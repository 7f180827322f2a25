"""Requests in, responses out: load with permission, bind a form, call one action, answer."""
