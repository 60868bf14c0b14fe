/** Finds each label a place beside its point: no two overlap, none covers a point, and leaders stay clear of labels. */
import type { Point } from "./chart.ts";

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** In the order of importance: the first are placed best. */
export interface Label {
  readonly anchor: Point;
  readonly width: number;
}

export interface PlacedLabel {
  readonly box: Box;
  /** Where the leader ends, if the label is too far away to speak for itself. */
  readonly leaderEnd: Point | undefined;
}

export const labelHeight = 16;

/** Around a point: no label comes nearer. */
const pointRadius = 7;
const margin = 2;

/** Distances from the point that are tried, nearest first; the last are across the whole chart. */
const distances = [11, 16, 24, 34, 46, 60, 76, 94, 114, 136, 160, 190, 230, 280];
/** Directions in degrees, as a reader expects labels: right first, then left, above and below. */
const directions = [0, 180, -30, 30, -150, 150, -60, 60, -120, 120, -90, 90, -15, 15, -165, 165];

/** Nearer than this a label needs no leader. */
const leaderFrom = 17;

const overlap = (one: Box, other: Box): number =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) *
  Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));

const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});

const around = ({ x, y }: Point, radius: number): Box =>
  grown({ left: x, top: y, right: x, bottom: y }, radius);

const isInside = (box: Box, bounds: Box): boolean =>
  box.left >= bounds.left &&
  box.right <= bounds.right &&
  box.top >= bounds.top &&
  box.bottom <= bounds.bottom;

interface Segment {
  readonly from: Point;
  readonly to: Point;
}

const side = ({ from, to }: Segment, { x, y }: Point): number =>
  Math.sign((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x));

const doCross = (one: Segment, other: Segment): boolean =>
  side(one, other.from) * side(one, other.to) < 0 &&
  side(other, one.from) * side(other, one.to) < 0;

const runsThrough = (segment: Segment, box: Box): boolean => {
  const { left, top, right, bottom } = box;
  return (
    doCross(segment, { from: { x: left, y: top }, to: { x: right, y: bottom } }) ||
    doCross(segment, { from: { x: left, y: bottom }, to: { x: right, y: top } })
  );
};

interface Candidate {
  readonly box: Box;
  readonly leader: Segment;
  readonly distance: number;
}

const candidateAt = ({ anchor, width }: Label, distance: number, degrees: number): Candidate => {
  const radians = (degrees * Math.PI) / 180;
  const end = {
    x: anchor.x + distance * Math.cos(radians),
    y: anchor.y + distance * Math.sin(radians),
  };
  const isBeside = Math.abs(Math.cos(radians)) > 0.4;
  const left = !isBeside ? end.x - width / 2 : Math.cos(radians) > 0 ? end.x : end.x - width;
  const lift = isBeside ? labelHeight / 2 : Math.sin(radians) < 0 ? labelHeight : 0;
  const top = end.y - lift;
  return {
    box: { left, top, right: left + width, bottom: top + labelHeight },
    leader: { from: anchor, to: end },
    distance,
  };
};

interface Scene {
  readonly bounds: Box;
  readonly points: readonly Point[];
  readonly placed: readonly Candidate[];
}

/** How much of it is in the way of what is drawn already. */
const conflict = ({ box, leader }: Candidate, { bounds, points, placed }: Scene): number => {
  if (!isInside(box, bounds)) return Infinity;
  const roomy = grown(box, margin);
  const onPoints = points.reduce(
    (sum, point) => sum + overlap(roomy, around(point, pointRadius)),
    0,
  );
  const onLabels = placed.reduce((sum, other) => sum + overlap(roomy, other.box), 0);
  const lines = placed.filter(
    (other) =>
      runsThrough(leader, other.box) ||
      runsThrough(other.leader, roomy) ||
      doCross(leader, other.leader),
  ).length;
  return onPoints + 10 * onLabels + 40 * lines;
};

const bestPlace = (label: Label, scene: Scene): Candidate => {
  let best: { readonly candidate: Candidate; readonly cost: number } | undefined;
  for (const distance of distances) {
    for (const degrees of directions) {
      const candidate = candidateAt(label, distance, degrees);
      const cost = conflict(candidate, scene);
      if (cost === 0) return candidate;
      if (best === undefined || cost < best.cost) best = { candidate, cost };
    }
  }
  return best?.candidate ?? candidateAt(label, leaderFrom, 0);
};

/** Same labels, same places. `points` are all that must stay visible, labelled or not. */
export const placeLabels = (
  labels: readonly Label[],
  points: readonly Point[],
  bounds: Box,
): readonly PlacedLabel[] => {
  const placed: Candidate[] = [];
  for (const label of labels) placed.push(bestPlace(label, { bounds, points, placed }));
  return placed.map(({ box, leader, distance }) => ({
    box,
    leaderEnd: distance >= leaderFrom ? leader.to : undefined,
  }));
};
