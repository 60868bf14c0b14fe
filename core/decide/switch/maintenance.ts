/** Reckons with maintenance windows: is one open, until when, and when does the next one open? */
import {
  nameOfWindow,
  parseMaintenanceWindow,
  type WrittenWindow,
} from "../../model/maintenance-window.ts";
import { openingsAround } from "./openings.ts";

export interface NextOpening {
  /** As sentences name it. */
  readonly window: string;
  /** ISO 8601 */
  readonly opensAt: string;
}

export type WindowStanding =
  /** No window is set: any time will do. */
  | { readonly kind: "ANY_TIME" }
  /** ISO 8601 */
  | { readonly kind: "OPEN"; readonly closesAt: string }
  /** Without `next` the years of all are over. */
  | { readonly kind: "CLOSED"; readonly next?: NextOpening };

const iso = (instant: number): string => new Date(instant).toISOString();

/**
 * Windows that meet or overlap are not joined: the latest end counts of those that are open. Throws a TypeError for a window
 * that the policy's schema does not let pass.
 */
export const standingOfWindows = (
  windows: readonly WrittenWindow[],
  at: string,
): WindowStanding => {
  if (windows.length === 0) return { kind: "ANY_TIME" };
  const now = Date.parse(at);
  const openings = windows
    .flatMap((window) =>
      openingsAround(parseMaintenanceWindow(window), now).map((opening) => ({
        window: nameOfWindow(window),
        ...opening,
      })),
    )
    .toSorted((one, other) => one.opensAt - other.opensAt);
  const open = openings.filter(({ opensAt, closesAt }) => opensAt <= now && now < closesAt);
  if (open.length > 0) {
    return { kind: "OPEN", closesAt: iso(Math.max(...open.map(({ closesAt }) => closesAt))) };
  }
  const next = openings.find(({ opensAt }) => opensAt > now);
  if (next === undefined) return { kind: "CLOSED" };
  return { kind: "CLOSED", next: { window: next.window, opensAt: iso(next.opensAt) } };
};
