/** Where a page and its list were scrolled to, by address: Back finds them there, and so does who loads the page again. */

interface Place {
  readonly page?: number;
  readonly list?: number;
}

/** Of this tab, which alone reads them. */
const stored = "spot-optimizer-places";

/** More than anybody goes back. */
const mostStored = 50;

const isLoadedAgain = performance
  .getEntriesByType("navigation")
  .some((entry) => entry instanceof PerformanceNavigationTiming && entry.type !== "navigate");

const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;

/** Whatever stands there: what is not a place is none. */
const placeIn = ([address, value]: readonly [string, unknown]): readonly [string, Place] => {
  const { page, list } = Object(value) as Readonly<Record<string, unknown>>;
  const [pageTop, listTop] = [numberIn(page), numberIn(list)];
  return [
    address,
    {
      ...(pageTop !== undefined && { page: pageTop }),
      ...(listTop !== undefined && { list: listTop }),
    },
  ];
};

const storedPlaces = (): Iterable<readonly [string, Place]> => {
  const text = isLoadedAgain ? sessionStorage.getItem(stored) : null;
  if (text === null) return [];
  try {
    return Object.entries(Object(JSON.parse(text)) as object).map(placeIn);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
};

const places = new Map(storedPlaces());

const here = (): string => location.pathname + location.search;

/** Of the address whose screen is shown: `popstate` tells a new one before the old screen is gone. */
let shown = here();

const keep = (change: { readonly page?: number; readonly list?: number }): void => {
  places.set(shown, { ...places.get(shown), ...change });
};

/** Of a list that scrolls by itself. */
export const keepList = (top: number): void => {
  keep({ list: top });
};

/** Of the list of this address when it was left; 0: it was not shown before. */
export const listTop = (): number => places.get(here())?.list ?? 0;

const keepPage = (): void => {
  keep({ page: scrollY });
};

addEventListener("scroll", keepPage, { passive: true });

addEventListener("pagehide", () => {
  // Of the last scrolling the event may still be to come.
  keepPage();
  const last = [...places].slice(-mostStored);
  sessionStorage.setItem(stored, JSON.stringify(Object.fromEntries(last)));
});

/** The same screen under another address keeps its place. */
export const sameScreen = (): void => {
  const place = places.get(shown);
  shown = here();
  if (place !== undefined) places.set(shown, place);
};

/** Another screen, from its top. */
export const anotherScreen = (): void => {
  shown = here();
  places.delete(shown);
  scrollTo(0, 0);
};

/** Of an API that is slow to answer. */
const patienceMs = 10_000;

/** By these somebody goes elsewhere himself. */
const ownHand = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/** The screen of this address was shown before. What it reads may still be on its way: it is tried until the page is long enough. */
export const sameAsBefore = (): void => {
  shown = here();
  const top = places.get(shown)?.page ?? 0;
  const until = performance.now() + patienceMs;
  const wanted = shown;
  const taken = new AbortController();
  for (const type of ownHand) {
    addEventListener(
      type,
      () => {
        taken.abort();
      },
      { passive: true, signal: taken.signal },
    );
  }
  const next = (): void => {
    if (shown !== wanted) taken.abort();
    if (taken.signal.aborted) return;
    scrollTo(0, top);
    if (Math.abs(scrollY - top) > 1 && performance.now() < until) requestAnimationFrame(next);
    else taken.abort();
  };
  requestAnimationFrame(next);
};

if (isLoadedAgain) sameAsBefore();
