import { noCustomerAccess } from "../../runtime/clients.ts";
import { stepEnvironmentSchema, readEnvironment } from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { publish } from "../../runtime/metrics.ts";
import { runStep } from "../../runtime/step.ts";
import { measureStep } from "./step.ts";

const { METRICS_NAMESPACE } = readEnvironment(stepEnvironmentSchema);
const context = lambdaContext(measureStep.name, () => noCustomerAccess);

export const handler = async (event: unknown): Promise<unknown> => {
  const measured = await runStep(measureStep, context, event);
  publish(METRICS_NAMESPACE, measured.measures);
  return measured;
};
