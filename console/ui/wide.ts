/** Whether there is room for a table. */
import { signal } from "@preact/signals";

const query = matchMedia("(min-width: 761px)");

export const isWide = signal(query.matches);

query.addEventListener("change", ({ matches }) => {
  isWide.value = matches;
});
