/** Copies a text, and says so: beside what was pressed, in the corner where a key was, and to who does not see the page. */
import { signal } from "@preact/signals";
import { announce } from "./live.ts";

export const shownMs = 2000;

/** `Copied the id: tgt-…`; empty: nothing was copied by a key just now. */
export const copied = signal("");

let timer: ReturnType<typeof setTimeout> | undefined;

/** @param label what is copied: `the id` */
export const copyText = async (text: string, label: string): Promise<void> => {
  await navigator.clipboard.writeText(text);
  announce(`Copied ${label}.`);
};

/** By a key: nothing that was pressed can say it. */
export const copyByKey = async (text: string, label: string): Promise<void> => {
  await copyText(text, label);
  clearTimeout(timer);
  copied.value = `Copied ${label}: ${text}`;
  timer = setTimeout(() => {
    copied.value = "";
  }, shownMs);
};
