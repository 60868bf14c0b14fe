/** Tells who does not see the page what has changed: politely, and at most once in five seconds. */
import { signal } from "@preact/signals";

export const said = signal("");

const pauseMs = 5000;
let waiting: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

const next = (): void => {
  timer = undefined;
  if (waiting === undefined) return;
  said.value = waiting;
  waiting = undefined;
  timer = setTimeout(next, pauseMs);
};

/** @param sentence only the last one is told of several within the pause */
export const announce = (sentence: string): void => {
  waiting = sentence;
  if (timer === undefined) next();
};
