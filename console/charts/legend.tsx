/** What the shapes and colours of a chart mean, where labels in the drawing do not tell. */
import type { JSX } from "preact";

export interface LegendItem {
  readonly word: string;
  /** One of the tokens: `spot`, `on-demand`, `shadow`. */
  readonly color: string;
  readonly shape: "area" | "hatch" | "outline" | "line";
}

export const Legend = ({ items }: { readonly items: readonly LegendItem[] }): JSX.Element => (
  <ul class="chart-legend">
    {items.map(({ word, color, shape }) => (
      <li key={word}>
        <i class={`legend-${shape}`} style={{ color: `var(--${color})` }} aria-hidden="true" />
        {word}
      </li>
    ))}
  </ul>
);
