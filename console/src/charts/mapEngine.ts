/** The parts of ECharts that draw the map of memories. */

import { ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([ScatterChart, DataZoomInsideComponent, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

export { init };
