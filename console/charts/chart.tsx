/** A chart: what it shows in words, the drawing as wide as there is room, and its figures as a table beneath. */
import type { PlotOptions } from "@observablehq/plot";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Notice } from "../ui/notice.tsx";
import { Table, type TableProps } from "../ui/table.tsx";
import { loadPlot, type Plot } from "./load-plot.ts";

/** Marks and scales. Colours are tokens, `var(--spot)`, so that they follow the theme without being drawn anew. */
export type DrawChart = (
  plot: Plot,
  /** Of the drawing, pixels. */
  width: number,
) => Omit<PlotOptions, "width" | "className" | "ariaLabel" | "ariaDescription" | "figure">;

export interface ChartProps<Row> {
  readonly title: string;
  /** What is seen, in a sentence with its figures, for who does not see it. */
  readonly description: string;
  /** Draws anew when it is another function: `useCallback` on the data. */
  readonly draw: DrawChart;
  /** Pixels, as `draw` has it: kept free until it is drawn. */
  readonly height: number;
  /** What the colours mean, where labels in the drawing do not tell. */
  readonly legend?: ComponentChildren;
  /** Between title and drawing. */
  readonly note?: ComponentChildren;
  readonly table: Omit<TableProps<Row>, "label">;
}

type Loaded = Plot | "LOADING" | "LOST";

const usePlot = (): Loaded => {
  const [loaded, setLoaded] = useState<Loaded>("LOADING");
  useEffect(() => {
    let isShown = true;
    const show = (value: Loaded): void => {
      if (isShown) setLoaded(value);
    };
    loadPlot().then(show, () => {
      show("LOST");
    });
    return () => {
      isShown = false;
    };
  }, []);
  return loaded;
};

interface DrawingProps {
  readonly plot: Plot | undefined;
  readonly draw: DrawChart;
  readonly height: number;
  readonly title: string;
  readonly description: string;
}

/** Pixels; undefined: not laid out yet. */
const useWidth = (element: { readonly current: HTMLElement | null }): number | undefined => {
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(() => {
      setWidth(Math.floor(current.clientWidth));
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
};

const Drawing = ({ plot, draw, height, title, description }: DrawingProps): JSX.Element => {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const drawing = useMemo(() => {
    if (plot === undefined || width === undefined || width === 0) return undefined;
    // The page's policy admits the style that Plot writes under this name, and under no other.
    const drawn = plot.plot({ ...draw(plot, width), width, className: "plot", figure: false });
    drawn.setAttribute("role", "img");
    // Plot names each mark, and a name needs a role: what is seen the drawing itself says.
    for (const mark of drawn.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
    return drawn;
  }, [plot, draw, width]);
  useLayoutEffect(() => {
    drawing?.setAttribute("aria-label", title);
    drawing?.setAttribute("aria-description", description);
  }, [drawing, title, description]);
  useLayoutEffect(() => {
    place.current?.replaceChildren(...(drawing === undefined ? [] : [drawing]));
  }, [drawing]);
  return <div ref={place} class="chart-drawing" style={{ minHeight: `${String(height)}px` }} />;
};

const Lost = (): JSX.Element => (
  <Notice
    tone="hold"
    action={{
      label: "Load the page again",
      run: () => {
        location.reload();
      },
    }}
  >
    What draws the chart can’t be loaded. Its figures stand below.
  </Notice>
);

export const Chart = <Row,>(props: ChartProps<Row>): JSX.Element => {
  const { title, description, note, legend, table } = props;
  const loaded = usePlot();
  const id = useId();
  const isLost = loaded === "LOST";
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {note !== undefined && <div class="muted">{note}</div>}
      {isLost ? (
        <Lost />
      ) : (
        <>
          {legend}
          <Drawing
            plot={loaded === "LOADING" ? undefined : loaded}
            draw={props.draw}
            height={props.height}
            title={title}
            description={description}
          />
        </>
      )}
      <details class="chart-figures" open={isLost}>
        <summary>Figures as a table</summary>
        <Table {...table} label={`${title}: figures`} />
      </details>
    </figure>
  );
};
