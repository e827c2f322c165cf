"""Whether anything grows that must not, when everything runs for long: `world` runs it, `sampling` looks at it from
outside, `inside` tells what only the programs themselves know, `verdict` judges. Run by `scripts/soak`.
"""
