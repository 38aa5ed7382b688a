// The part of ECharts that Comity draws with: bars and lines as SVG. Leaving out canvas and the other kinds of chart
// halves what a browser has to fetch. Bundled by build.mjs into the global `echarts`.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent,
  BarChart,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SVGRenderer,
  TooltipComponent,
]);

export const { getInstanceByDom, init, registerTheme, use, version } = echarts;
