/** Where a page and its list were scrolled to, by address: Back finds them there. */

const places = new Map<string, { readonly page?: number; readonly list?: number }>();

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

addEventListener(
  "scroll",
  () => {
    keep({ page: scrollY });
  },
  { passive: true },
);

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

const patienceMs = 2000;

/** The screen of this address was shown before. What it reads may still be on its way: it is tried until the page is long enough. */
export const sameAsBefore = (): void => {
  shown = here();
  const top = places.get(shown)?.page ?? 0;
  const until = performance.now() + patienceMs;
  const wanted = shown;
  const next = (): void => {
    if (shown !== wanted) return;
    scrollTo(0, top);
    if (Math.abs(scrollY - top) > 1 && performance.now() < until) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
};
