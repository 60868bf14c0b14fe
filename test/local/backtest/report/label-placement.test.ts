import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { placeLabels, type Box } from "../../../../local/backtest/report/label-placement.ts";

const bounds = { left: 0, top: 0, right: 800, bottom: 330 };

const doOverlap = (one: Box, other: Box): boolean =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

const overlaps = (boxes: readonly Box[]): number =>
  boxes.flatMap((box, index) => boxes.slice(index + 1).filter((other) => doOverlap(box, other)))
    .length;

const anchors = fc.array(
  fc.record({ x: fc.integer({ min: 10, max: 790 }), y: fc.integer({ min: 10, max: 320 }) }),
  { maxLength: 13 },
);

describe("labels of points", () => {
  it("never overlap each other nor leave the chart, wherever thirteen points are", () => {
    fc.assert(
      fc.property(anchors, (points) => {
        const labels = points.map((anchor) => ({ anchor, width: 110, height: 16 }));
        const boxes = placeLabels(labels, { bounds, points, texts: [] }).map(({ box }) => box);
        expect(overlaps(boxes)).toBe(0);
        for (const box of boxes) {
          expect(box.left).toBeGreaterThanOrEqual(bounds.left);
          expect(box.right).toBeLessThanOrEqual(bounds.right);
        }
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("find room even where all points are the same", () => {
    const points = Array.from({ length: 10 }, () => ({ x: 100, y: 320 }));
    const labels = points.map((anchor) => ({ anchor, width: 110, height: 16 }));
    const placed = placeLabels(labels, { bounds, points, texts: [] });
    expect(overlaps(placed.map(({ box }) => box))).toBe(0);
    // The far ones are led to their point.
    expect(placed.at(-1)?.leaderEnd).toBeDefined();
  });

  it("stand at the right of a lonely point, without a leader", () => {
    const anchor = { x: 100, y: 100 };
    const [placed] = placeLabels([{ anchor, width: 50, height: 16 }], {
      bounds,
      points: [anchor],
      texts: [],
    });
    expect(placed).toEqual({
      box: { left: 112, right: 162, top: 92, bottom: 108 },
      leaderEnd: undefined,
    });
  });

  it("give way to other texts", () => {
    const anchor = { x: 100, y: 100 };
    const texts = [{ left: 110, right: 170, top: 90, bottom: 110 }];
    const [placed] = placeLabels([{ anchor, width: 50, height: 16 }], {
      bounds,
      points: [anchor],
      texts,
    });
    expect(placed?.box.right).toBeLessThan(anchor.x);
  });
});
