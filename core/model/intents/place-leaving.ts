/** How an undo takes off again the place that an attach, or a growth, has added to a group: one member leaves with it. */
export interface PlaceLeaving {
  /** The member that it asks to leave. Written before that call, whose answer may be lost. */
  readonly leavingId?: string;
  /** Of that call, which lowers the desired capacity. Written with it. */
  readonly leave?: {
    /** ISO 8601 */
    readonly at: string;
    /** Desired capacity at the look right before it. */
    readonly desiredSeen: number;
    /** That which it met. Absent: as it was seen, or nobody knows. */
    readonly desiredMet?: number;
  };
}
