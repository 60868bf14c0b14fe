/** How long things take in the simulated EC2, and the quotas of a fresh account. */
import type { LogNormal } from "../random.ts";

export type QuotaClass = "Standard" | "G/VT" | "P" | "X" | "Other";

export interface Ec2Settings {
  /**
   * What was just created is unknown to reads for a time between these, another on each read path (eventual consistency,
   * visibility.ts). [0, 0] = off.
   */
  readonly visibilityMs: readonly [number, number];
  /** Share of what was just created that is seen, then not seen, then seen for good, on each read path. */
  readonly lapseShare: number;
  /** Each duration below is drawn within ± this share of itself. */
  readonly jitter: number;
  readonly bootMs: number;
  readonly stopMs: number;
  readonly terminateMs: number;
  readonly rebootMs: number;
  /** Checks stay `initializing` this long after `running`. */
  readonly checksMs: number;
  /**
   * From each boot until the software of the instance answers and EC2's checks pass: drawn, instead of `checksMs`. A load balancer's checks and
   * a kubelet find it then, too. Absent: it answers as soon as it runs. See `boots`.
   */
  readonly answersAfter: LogNormal | undefined;
  readonly volumeAttachMs: number;
  readonly volumeDetachMs: number;
  readonly interfaceAttachMs: number;
  readonly interfaceDetachMs: number;
  readonly volumeCreateMs: number;
  readonly snapshotBaseMs: number;
  readonly snapshotPerGibMs: number;
  /** The percentage of a snapshot grows evenly †. Off: it is 0 to the end; AWS's documents say neither. */
  readonly snapshotProgress: boolean;
  readonly imageBaseMs: number;
  /** Of an image that is registered from a snapshot that is there. */
  readonly registerImageMs: number;
  readonly replaceRootMs: number;
  /** AWS's documents do not say whether a Spot Instance's root can be replaced: a scenario may refuse it. */
  readonly replaceRootOnSpot: boolean;
  /**
   * DeregisterImage with DeleteAssociatedSnapshots deletes them all. Off: it reports each as not deleted, which it may
   * (EC2 API reference, DeregisterImage, DeleteSnapshotResults).
   */
  readonly deletesAssociatedSnapshots: boolean;
  /**
   * A new capacity reservation is shown as pending this long. Up to five minutes, says the EC2 user guide ("Work with Capacity
   * Reservations", states).
   */
  readonly reservationPendingMs: number;
  /**
   * Of a Spot Instance whose request says `terminate`: at the notice EC2 gives the code of its end and closes the request, and the
   * instance runs on for two minutes (EC2 user guide, "State changes for a Spot request", second footnote). Off:
   * it is marked for termination, and the code follows its end.
   */
  readonly noticeEndsRequest: boolean;
  /**
   * So long after a Spot request's status has changed, reads still show the one before: events and reads come by ways of their own, and a copy catches
   * up later (EC2 developer guide, "Eventual consistency in the Amazon EC2 API"). † How long it takes is not documented.
   */
  readonly requestLagMs: number;
  /** So many of the ends come early: some 39 s after the notice, not 120. */
  readonly earlyEndShare: number;
  /**
   * So long after it is shown terminated an instance still holds its volumes. AWS gives no figure; in the field minutes were seen †.
   */
  readonly volumesFreeAfterMs: number;
  /** A terminated instance stays visible about an hour. */
  readonly terminatedVisibleMs: number;
  /** The market's own outages interrupt running Spot instances. Off: only `interrupt` does. */
  readonly marketInterruptions: boolean;
  /** The market is looked at this often then. */
  readonly marketTickMs: number;
  /**
   * Ahead of so many of what the market takes EC2 recommends rebalancing, by `recommendedSeconds`. It "can arrive sooner than the two-minute Spot Instance
   * interruption notice", and "it is not always possible" (EC2 user guide, "EC2 instance rebalance recommendations"). Somebody counted 9 of 15, 17 minutes to 8 hours ahead
   * (aws/aws-node-termination-handler, issue 141).
   */
  readonly recommendedShare: number;
  /** The least and the most. */
  readonly recommendedSeconds: readonly [number, number];
  /** Answers hold at most this many items, whatever the caller asks for. */
  readonly pageSize: number;
  readonly elasticAddresses: number;
  readonly spotVcpus: Readonly<Record<QuotaClass, number>>;
  readonly onDemandVcpus: Readonly<Record<QuotaClass, number>>;
}

export const defaultSettings: Ec2Settings = {
  visibilityMs: [300, 3000],
  lapseShare: 0,
  jitter: 0.25,
  bootMs: 20_000,
  stopMs: 30_000,
  terminateMs: 30_000,
  rebootMs: 25_000,
  checksMs: 150_000,
  answersAfter: undefined,
  volumeAttachMs: 2_000,
  volumeDetachMs: 4_000,
  interfaceAttachMs: 2_000,
  interfaceDetachMs: 5_000,
  volumeCreateMs: 2_000,
  snapshotBaseMs: 20_000,
  snapshotPerGibMs: 1_500,
  snapshotProgress: true,
  imageBaseMs: 25_000,
  registerImageMs: 3_000,
  replaceRootMs: 45_000,
  replaceRootOnSpot: true,
  deletesAssociatedSnapshots: true,
  reservationPendingMs: 0,
  noticeEndsRequest: true,
  requestLagMs: 0,
  earlyEndShare: 0,
  volumesFreeAfterMs: 0,
  terminatedVisibleMs: 3_600_000,
  marketInterruptions: false,
  marketTickMs: 300_000,
  recommendedShare: 0,
  recommendedSeconds: [60, 1_200],
  pageSize: 1000,
  // AWS's default is 5; simulated fleets are larger than a fresh account's.
  elasticAddresses: 50,
  spotVcpus: { Standard: 640, "G/VT": 128, P: 64, X: 64, Other: 128 },
  onDemandVcpus: { Standard: 2560, "G/VT": 256, P: 128, X: 128, Other: 256 },
};

/** A bad day of EC2's copies: what is new takes up to a minute to be seen, and much of it is seen and lost again. */
export const slowToShow = {
  visibilityMs: [300, 60_000],
  lapseShare: 0.4,
} as const satisfies Partial<Ec2Settings>;

/**
 * From the launch until an instance is healthy. † AWS gives no figures. Two minutes of a notice fit 89, 98 and 50 of 100 of these boots. The usual
 * one is what a common Linux image with its application takes.
 */
export const boots = {
  usual: { p50Ms: 60_000, p95Ms: 150_000 },
  quick: { p50Ms: 30_000, p95Ms: 90_000 },
  slow: { p50Ms: 120_000, p95Ms: 240_000 },
} as const satisfies Readonly<Record<string, LogNormal>>;

/** The vCPU quota that a type counts against: by the family's letters. */
export const quotaClassOf = (instanceType: string): QuotaClass => {
  const letters = /^[a-z]+/.exec(instanceType)?.[0] ?? "";
  if (["g", "vt"].includes(letters)) return "G/VT";
  if (letters === "p") return "P";
  if (letters === "x") return "X";
  return ["a", "c", "d", "h", "i", "m", "r", "t", "z", "im", "is", "cr", "hi"].includes(letters)
    ? "Standard"
    : "Other";
};
