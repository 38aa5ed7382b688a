"""Charts, drawn here as SVG: on a page as wide as their place, on paper as wide as they are told.

    Chart("Waiting fell to four days", Plot("line", months, [Series("Median wait", days)], unit="days"))

`{% chart chart %}` shows one with its title, its legend and the table of its figures; `drawing.draw(Sheet(width))` is the
same picture for a PDF. A new kind of picture is a value with `draw`, `table` and `legend`: docs/decisions/charts.md.
"""

from comity.ui.charts.counties import Class, Counties, County, county_names
from comity.ui.charts.drawing import Chart, Figures, Key, Sheet, Tone, figure
from comity.ui.charts.flow import Band, Flow
from comity.ui.charts.layers import Layers, Node
from comity.ui.charts.plot import Plot, Series
from comity.ui.charts.points import Point, Points
from comity.ui.charts.rows import Interval, Part, Row, Rows, Shares, meter
from comity.ui.charts.strip import Lane, Strip
from comity.ui.charts.waterfall import Waterfall
