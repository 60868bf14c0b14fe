/** How the fleet's standings and verdicts are shown. */
import type { StatusMark } from "../ui/status.tsx";
import { marks, verdictMarks, type VerdictMark } from "../ui/marks.ts";
import type { FleetRow, Standing } from "./rows.ts";

const standingMarks: Readonly<Record<Standing, StatusMark>> = {
  NEEDS_OPERATOR: marks.needsOperator,
  DEGRADED: marks.degraded,
  INTERRUPTED: { word: "Interrupted", icon: "bolt", tone: "bad" },
  AWAITING_APPROVAL: marks.awaitingApproval,
  ROLLED_BACK: marks.rolledBack,
  PARTLY_SWITCHED: marks.partlySwitched,
  FALLBACK: marks.fallback,
  SWITCHING: marks.switching,
  MOVING: { word: "Moving", icon: "running", tone: "run" },
  ON_SPOT: { word: "On Spot", icon: "diamond", tone: "run" },
  SWITCHED: marks.switched,
  SHADOW: marks.shadow,
  ON_DEMAND: { word: "On-Demand", icon: "square", tone: "idle" },
  QUEUED: marks.queued,
  STAYED: marks.stayed,
  REFUSED: marks.refused,
};

export const standingMark = ({
  standing,
  moving,
}: Pick<FleetRow, "moving" | "standing">): StatusMark => {
  const mark = standingMarks[standing];
  return standing === "MOVING" && moving !== null
    ? { ...mark, word: `${mark.word} ${String(moving)}` }
    : mark;
};

/** Undefined: it was not judged yet. */
export const fleetVerdict = ({ verdict }: Pick<FleetRow, "verdict">): VerdictMark | undefined => {
  if (verdict === null) return undefined;
  return verdict === "WOULD_SWITCH"
    ? { word: "Would switch", icon: "swap" }
    : verdictMarks[verdict];
};
