"""What somebody sends who wants to hurt, made by the thousand: `targets` is the list of what is tried, `engine` tries
it, `mutation` and `shapes` make the inputs, `corpus` keeps those that reached something new. No tests in here.
"""
