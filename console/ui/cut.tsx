/** A sentence in a table: cut where there is no room, whole on hover. */
import type { JSX } from "preact";

export const Cut = ({ text }: { readonly text: string }): JSX.Element => (
  <span class="cut" title={text}>
    {text}
  </span>
);
