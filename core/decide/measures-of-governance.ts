/** What is measured of governance: what was deleted, what that costs on, and what the enforcer is to stop beside what it may. */
import { capOf, leftOfCap } from "../enforce/cap.ts";
import { dueOf } from "../enforce/due.ts";
import type { EnforcerPlace, Finding } from "../model/enforcer.ts";
import type { Measure } from "../model/measure.ts";
import type { WasteFinding } from "../model/waste/finding.ts";

export interface GovernanceFacts {
  readonly waste: readonly Pick<WasteFinding, "deletion" | "monthlyUsd">[];
  readonly enforced: readonly {
    readonly place: EnforcerPlace;
    readonly findings: readonly Finding[];
  }[];
}

const ofWaste = ({ waste }: GovernanceFacts, now: Date): readonly Measure[] => {
  const at = now.toISOString();
  const today = at.slice(0, "2026-11-29".length);
  const deleted = waste.filter(({ deletion }) => deletion?.deletedAt?.startsWith(today) === true);
  const inBin = waste.filter(({ deletion }) => (deletion?.binExitsAt ?? "") > at);
  return [
    { name: "DeletionsToday", value: deleted.length },
    {
      name: "BinMonthlyUsd",
      value: inBin.reduce((sum, { monthlyUsd = 0 }) => sum + monthlyUsd, 0),
    },
  ];
};

/** More are due in one of them than are left of its cap: none is stopped there before persons agree. */
const ofEnforcer = ({ enforced }: GovernanceFacts, now: Date): readonly Measure[] => {
  const places = enforced.map(({ place, findings }) => {
    const { stop, ask } = dueOf(place, findings, now);
    const due = stop.length + ask.length;
    const { running = 0 } = place;
    return { due, cap: capOf(running), isOver: due > leftOfCap(place, now) };
  });
  return [
    { name: "EnforcerDue", value: places.reduce((sum, { due }) => sum + due, 0) },
    { name: "EnforcerCap", value: places.reduce((sum, { cap }) => sum + cap, 0) },
    { name: "EnforcerOverCap", value: places.filter(({ isOver }) => isOver).length },
  ];
};

export const measuresOfGovernance = (facts: GovernanceFacts, now: Date): readonly Measure[] => [
  ...ofWaste(facts, now),
  ...ofEnforcer(facts, now),
];
