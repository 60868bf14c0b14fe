/** Where the page is, in its address: screen, id, and all that narrows a list. Back and a copied link find it again. */
import { computed, signal } from "@preact/signals";
import { anotherScreen, sameAsBefore, sameScreen } from "./scrolled.ts";

/** By the first part of the path. */
export const screens = {
  "": "Fleet",
  targets: "Target",
  evaluations: "Evaluations",
  approvals: "Approvals",
  savings: "Savings",
  risk: "Risk",
  waste: "Waste",
  governance: "Governance",
  accounts: "Accounts",
} as const;

export type ScreenPath = keyof typeof screens;

export interface Route {
  readonly screen: ScreenPath;
  /** Absent: the list. */
  readonly id?: string;
  /** What follows the id: `preflight`. */
  readonly part?: string;
  readonly query: URLSearchParams;
}

const isScreen = (part: string): part is ScreenPath => Object.hasOwn(screens, part);

/** Undefined: there is no such screen. */
const routeOf = (href: string): Route | undefined => {
  const { pathname, searchParams } = new URL(href);
  const [screen = "", id, part] = pathname
    .split("/")
    .filter((each) => each !== "")
    .map(decodeURIComponent);
  if (!isScreen(screen)) return undefined;
  return {
    screen,
    query: searchParams,
    ...(id !== undefined && { id }),
    ...(part !== undefined && { part }),
  };
};

const href = signal(location.href);

export const route = computed(() => routeOf(href.value));

history.scrollRestoration = "manual";

addEventListener("popstate", () => {
  href.value = location.href;
  sameAsBefore();
});

/** @param to path with its query */
export const go = (to: string): void => {
  history.pushState(null, "", to);
  href.value = location.href;
  anotherScreen();
};

/** The same screen, narrowed otherwise: what is typed letter by letter is not a way back. Undefined or empty takes a value away. */
export const narrow = (values: Readonly<Record<string, string | undefined>>): void => {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === "") url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, "", url);
  href.value = url.href;
  sameScreen();
};

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

/** One that the page itself shows, and not a place on it. */
const isOfPage = (link: HTMLAnchorElement): boolean => {
  if (link.target !== "" || link.origin !== location.origin || link.hasAttribute("download")) {
    return false;
  }
  const isPlaceHere = link.hash !== "" && link.pathname === location.pathname;
  return !isPlaceHere && routeOf(link.href) !== undefined;
};

/** Links stay links; one to a screen of the page changes the page instead of loading it. */
export const followLinks = (root: HTMLElement): void => {
  root.addEventListener("click", (event) => {
    if (event.defaultPrevented || !isPlainClick(event)) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || !isOfPage(link)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
};
