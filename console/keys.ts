/** Keys of the page: one, or `g` and another. They rest while something is typed; letters and signs can be turned off, as who speaks to his machine needs it. */
import { signal } from "@preact/signals";

export interface KeyBinding {
  /** `/`, `Enter`, `g f`. */
  readonly keys: string;
  readonly means: string;
  readonly run: () => void;
}

const storedOff = "spot-keys-off";
export const areKeysOn = signal(localStorage.getItem(storedOff) === null);

export const setKeysOn = (on: boolean): void => {
  areKeysOn.value = on;
  if (on) localStorage.removeItem(storedOff);
  else localStorage.setItem(storedOff, "1");
};

/** The last one bound goes first: a screen's own before those of the page. */
const bindings = signal<readonly KeyBinding[]>([]);

export const boundKeys = bindings;

/** @returns takes them away again */
export const bind = (added: readonly KeyBinding[]): (() => void) => {
  bindings.value = [...added, ...bindings.peek()];
  return () => {
    bindings.value = bindings.peek().filter((each) => !added.includes(each));
  };
};

const secondWithinMs = 1500;
let first: { readonly key: string; readonly atMs: number } | undefined;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

const isButton = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && ["A", "BUTTON", "SUMMARY"].includes(target.tagName);

const found = (keys: string): KeyBinding | undefined =>
  bindings.peek().find((each) => each.keys === keys);

const spelled = (key: string, atMs: number): string =>
  first !== undefined && atMs - first.atMs < secondWithinMs ? `${first.key} ${key}` : key;

/** A dialog has the keyboard to itself; Enter on a link or a button is theirs. */
const isForOthers = ({ target, key }: KeyboardEvent): boolean =>
  isTyping(target) ||
  document.querySelector("dialog[open]") !== null ||
  (key === "Enter" && isButton(target));

/** Arrows and Enter are how a list is used, and stay. */
const isOff = ({ key }: KeyboardEvent): boolean => !areKeysOn.peek() && key.length === 1;

const onKey = (event: KeyboardEvent): void => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isOff(event) || isForOthers(event)) return;
  const keys = spelled(event.key, event.timeStamp);
  const isFirst = bindings.peek().some((each) => each.keys.startsWith(`${keys} `));
  first = isFirst ? { key: event.key, atMs: event.timeStamp } : undefined;
  const binding = found(keys);
  if (binding === undefined) return;
  event.preventDefault();
  binding.run();
};

addEventListener("keydown", onKey);
