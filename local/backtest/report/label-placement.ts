/** Finds each label a place beside its point: no two overlap, none covers a point, and leaders stay clear of labels. */

/** In pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

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
  readonly height: number;
}

export interface PlacedLabel {
  readonly box: Box;
  /** Where the leader ends, if the label is too far away to speak for itself. */
  readonly leaderEnd: Point | undefined;
}

/** Around a label's own point, and around others: beside these it would be taken for theirs. */
const ownRadius = 7;
const otherRadius = 14;
const margin = 2;

/** Distances from the point that are tried, nearest first; the last are across the whole chart. */
const distances = [12, 16, 24, 34, 46, 60, 76, 94, 114, 136, 160, 190, 230, 280];
/** Directions in degrees, as a reader expects labels: right first, then left, above and below. */
const directions = [0, 180, -30, 30, -150, 150, -60, 60, -120, 120, -90, 90, -15, 15, -165, 165];

/** Above or below is as good as beside the point but this much farther away. */
const besideBonus = 6;

const isBeside = (degrees: number): boolean => Math.abs(Math.cos((degrees * Math.PI) / 180)) > 0.4;

/** All places around a point, the most welcome first. */
const places = distances
  .flatMap((distance) => directions.map((degrees) => ({ distance, degrees })))
  .map((place) => ({
    ...place,
    cost: place.distance + (isBeside(place.degrees) ? 0 : besideBonus),
  }))
  .sort((one, other) => one.cost - other.cost);

/** Nearer than this a label needs no leader. */
const leaderFrom = 15;

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

/** A label that is well above its point stands on the leader's end, one below hangs from it. */
const liftAt = (sine: number, height: number): number =>
  sine < -0.3 ? height : sine > 0.3 ? 0 : height / 2;

const candidateAt = (
  { anchor, width, height }: Label,
  distance: number,
  degrees: number,
): Candidate => {
  const radians = (degrees * Math.PI) / 180;
  const end = {
    x: anchor.x + distance * Math.cos(radians),
    y: anchor.y + distance * Math.sin(radians),
  };
  const left = !isBeside(degrees)
    ? end.x - width / 2
    : Math.cos(radians) > 0
      ? end.x
      : end.x - width;
  const top = end.y - liftAt(Math.sin(radians), height);
  return {
    box: { left, top, right: left + width, bottom: top + height },
    leader: { from: anchor, to: end },
    distance,
  };
};

/** What is there already. */
export interface Surroundings {
  /** No label leaves them. */
  readonly bounds: Box;
  /** All that must stay visible, labelled or not. */
  readonly points: readonly Point[];
  /** Other texts. */
  readonly texts: readonly Box[];
}

interface Scene extends Surroundings {
  readonly placed: readonly Candidate[];
}

/** How much of it is in the way of what is drawn already. */
const conflict = ({ box, leader }: Candidate, { bounds, points, texts, placed }: Scene): number => {
  if (!isInside(box, bounds)) return Infinity;
  const roomy = grown(box, margin);
  const onPoints = points.reduce((sum, point) => {
    const isOwn = point.x === leader.from.x && point.y === leader.from.y;
    return sum + overlap(roomy, around(point, isOwn ? ownRadius : otherRadius));
  }, 0);
  const onTexts = [...texts, ...placed.map((other) => other.box)].reduce(
    (sum, other) => sum + overlap(roomy, other),
    0,
  );
  const lines = placed.filter(
    (other) =>
      runsThrough(leader, other.box) ||
      runsThrough(other.leader, roomy) ||
      doCross(leader, other.leader),
  ).length;
  return onPoints + 10 * onTexts + 40 * lines;
};

const bestPlace = (label: Label, scene: Scene): Candidate => {
  let best: { readonly candidate: Candidate; readonly cost: number } | undefined;
  for (const { distance, degrees } of places) {
    const candidate = candidateAt(label, distance, degrees);
    const cost = conflict(candidate, scene);
    if (cost === 0) return candidate;
    if (best === undefined || cost < best.cost) best = { candidate, cost };
  }
  return best?.candidate ?? candidateAt(label, leaderFrom, 0);
};

/** Same labels, same places. */
export const placeLabels = (
  labels: readonly Label[],
  surroundings: Surroundings,
): readonly PlacedLabel[] => {
  const placed: Candidate[] = [];
  for (const label of labels) placed.push(bestPlace(label, { ...surroundings, placed }));
  return placed.map(({ box, leader, distance }) => ({
    box,
    leaderEnd: distance >= leaderFrom ? leader.to : undefined,
  }));
};
