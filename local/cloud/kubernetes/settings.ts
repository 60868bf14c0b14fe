/** How fast, and by which of several rules, a simulated cluster behaves. */

export interface KubeSettings {
  /** How long a request takes on the cluster's clock. */
  readonly latencyMs: readonly [min: number, max: number];
  /** How many requests the journal keeps, the youngest. */
  readonly keptRequests: number;
  /** A controller acts so long after a change. † A few milliseconds to tenths of a second in real clusters. */
  readonly controllerMs: number;
  /** The endpoint controllers and the budgets of a real cluster follow within such a time. † */
  readonly disruptionMs: number;
  readonly schedulerMs: number;
  /** From the instance's start to the registration of its node. † EKS AMIs take 20 to 60 s. */
  readonly joinMs: readonly [min: number, max: number];
  /** From the registration to Ready: the network agent has to come up. † */
  readonly nodeReadyMs: readonly [min: number, max: number];
  /** From placement to Ready, unless the pod's annotation says otherwise. */
  readonly podReadyMs: number;
  /** From a deletion to the end of its containers, unless the pod's annotation says otherwise; its grace at most. */
  readonly podEndMs: number;
  readonly detachMs: number;
  /** NotReady so long after a machine is gone. Source: kubelet's `nodeStatusUpdateFrequency` × grace period 40 s (1.35: 50 s). */
  readonly lostNodeMs: number;
  /** The cloud controller deletes a node whose instance is terminated. † Within its period of 5 s. */
  readonly cloudControllerMs: number;
  /**
   * Anonymous requests are let through to authorisation everywhere. False: to health paths only, which EKS can be set to. Source:
   * KEP-4633, stable in 1.34.
   */
  readonly isAnonymousEverywhere: boolean;
}

export const defaultSettings: KubeSettings = {
  latencyMs: [4, 25],
  keptRequests: Infinity,
  controllerMs: 40,
  disruptionMs: 30,
  schedulerMs: 20,
  joinMs: [25_000, 50_000],
  nodeReadyMs: [8000, 20_000],
  podReadyMs: 2000,
  podEndMs: 1000,
  detachMs: 8000,
  lostNodeMs: 50_000,
  cloudControllerMs: 5000,
  isAnonymousEverywhere: true,
};
