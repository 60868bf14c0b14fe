/** How the simulated EventBridge delivers. */
export interface EventBridgeSettings {
  /** From a matching event to the target, for each hop. † AWS says "typically about half a second". */
  readonly latencyMs: readonly [number, number];
  /** So many deliveries are late by `lateMs` more, and so many come twice ("at least once"). */
  readonly lateShare: number;
  readonly lateMs: readonly [number, number];
  readonly twiceShare: number;
  /** So many events that a service tells never reach its bus: "AWS services emit … on a best effort basis". */
  readonly lostShare: number;
}

export const usualDelivery: EventBridgeSettings = {
  latencyMs: [150, 900],
  lateShare: 0,
  lateMs: [5_000, 300_000],
  twiceShare: 0,
  lostShare: 0,
};
