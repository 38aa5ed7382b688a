from comity.site.cli import main

main()
