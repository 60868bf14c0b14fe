/** Writes the API's times for people. */
import { dayAndTime } from "../../terminal/figures.ts";

/** Empty where there is none. */
export const timeText = (iso: string | undefined): string =>
  iso === undefined ? "" : dayAndTime(Date.parse(iso));
