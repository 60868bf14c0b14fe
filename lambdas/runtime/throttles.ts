/** Tells CloudWatch of each call that AWS has throttled, by API, the ones that the SDK then made again among them. */
import { readEnvironment, stepEnvironmentSchema } from "./environment.ts";

/**
 * A line of the embedded metric format. Every function tells it, and Powertools would stand in every bundle for it: they make these lines where
 * measures are many. Source: CloudWatch user guide, "Specification: Embedded metric format".
 */
const lineOf = (
  api: string,
  { namespace, at }: { readonly namespace: string; readonly at: Date },
) => ({
  _aws: {
    Timestamp: at.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: namespace,
        Dimensions: [["Api"]],
        Metrics: [{ Name: "Throttles", Unit: "Count" }],
      },
    ],
  },
  Api: api,
  Throttles: 1,
});

/** Past the console: Lambda would put what that writes into an object of its own, in which nobody looks for metrics. */
export const tellThrottle = (api: string): void => {
  const { METRICS_NAMESPACE: namespace } = readEnvironment(stepEnvironmentSchema);
  process.stdout.write(`${JSON.stringify(lineOf(api, { namespace, at: new Date() }))}\n`);
};
