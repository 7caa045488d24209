import { useEffect, useRef, useState } from "react";
import { useAppearance } from "../parts/appearance";
import type { EChartsCoreOption, EChartsType } from "./engine";

export interface Palette {
  text: string;
  line: string;
  panel: string;
  ink: string;
  accent: string;
  teal: string;
  gray: string;
  pink: string;
  amber: string;
  font: string;
}

/** The colours of the theme, for canvases, which know no CSS variables. */
function palette(node: HTMLElement): Palette {
  const style = getComputedStyle(node);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: colour("slate-11"),
    line: colour("slate-a4"),
    panel: colour("color-panel-solid"),
    ink: colour("slate-12"),
    accent: colour("iris-9"),
    teal: colour("teal-9"),
    gray: colour("slate-8"),
    pink: colour("pink-9"),
    amber: colour("amber-9"),
    font: style.fontFamily,
  };
}

/** Which point of which series. */
export interface Pointed {
  seriesIndex: number;
  dataIndex: number;
}

interface Props {
  label: string;
  height: number;
  option: (palette: Palette) => EChartsCoreOption;
  onPoint?: (point: Pointed) => void;
  /** Loads what it is drawn with. */
  engine?: () => Promise<{ init: (node: HTMLElement) => EChartsType }>;
}

const overTime = () => import("./engine");

/** A chart that follows theme and size. `label` says what it shows to those who cannot see it. */
export function Chart({ label, height, option, onPoint, engine = overTime }: Props) {
  const node = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const { dark } = useAppearance();
  useEffect(() => {
    let current: EChartsType | null = null;
    let left = false;
    const observer = new ResizeObserver(() => current?.resize());
    void engine().then(({ init }) => {
      if (left || !node.current) return;
      current = init(node.current);
      observer.observe(node.current);
      setChart(current);
    });
    return () => {
      left = true;
      observer.disconnect();
      current?.dispose();
      setChart(null);
    };
  }, [engine]);
  useEffect(() => {
    if (!chart || !node.current) return;
    const colours = palette(node.current);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const basics = { animation: !calm, animationDuration: 300, textStyle: { fontFamily: colours.font } };
    chart.setOption({ ...basics, ...option(colours) }, true);
  }, [chart, option, dark]);
  useEffect(() => {
    if (!chart || !onPoint) return;
    const clicked = onPoint as (event: unknown) => void;
    chart.on("click", clicked);
    return () => {
      chart.off("click", clicked);
    };
  }, [chart, onPoint]);
  return <div ref={node} role="img" aria-label={label} className="chart" style={{ height }} />;
}
