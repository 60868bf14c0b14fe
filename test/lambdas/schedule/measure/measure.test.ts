import { afterAll, describe, expect, it, jest } from "@jest/globals";
import * as z from "zod";
import { publish } from "../../../../lambdas/runtime/metrics.ts";
import { tellThrottle } from "../../../../lambdas/runtime/throttles.ts";
import { createLab } from "../../../../local/lab/lab.ts";
import { plain } from "../../../../local/lab/scenarios.ts";

const bySchema = z.object({ name: z.string(), value: z.string() });

const measuredSchema = z.object({
  measures: z.array(
    z.object({ name: z.string(), value: z.number(), by: bySchema.exactOptional() }),
  ),
});

// Powertools names itself in the environment when it is loaded.
afterAll(() => {
  delete process.env["AWS_SDK_UA_APP_ID"];
});

describe("the measures of an account in which a switch was made", () => {
  it("have its end, its time and its downtime, once", async () => {
    const lab = await createLab(plain);
    await lab.run();
    const measure = async () =>
      measuredSchema.parse(await lab.platform.functions.invoke("schedule-measure", {})).measures;
    const measures = await measure();
    const valuesOf = (name: string) => measures.filter((each) => each.name === name);
    expect(valuesOf("Ended")).toEqual([
      { name: "Ended", value: 1, by: { name: "Status", value: "SWITCHED" } },
    ]);
    expect(valuesOf("SwitchSeconds")[0]?.value).toBeGreaterThan(60);
    expect(valuesOf("DowntimeSeconds")).toHaveLength(1);
    await lab.clock.run({ atMostMs: lab.clock.now() + 16 * 60_000 });
    expect((await measure()).filter(({ name }) => name === "Ended")).toEqual([]);
  });
});

/** What is written while it runs. */
const written = (run: () => void): readonly object[] => {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    lines.push(String(chunk));
    return true;
  });
  run();
  write.mockRestore();
  return lines
    .join("")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
};

describe("a metric", () => {
  it("is a line of its own of CloudWatch's embedded format, with its unit", () => {
    const documents = written(() => {
      publish("SpotOptimizer/test", [
        { name: "Ended", value: 1, by: { name: "Status", value: "SWITCHED" } },
        { name: "DowntimeSeconds", value: 90 },
        { name: "DowntimeSeconds", value: 120 },
      ]);
    });
    expect(documents).toMatchObject([
      { Status: "SWITCHED", Ended: 1 },
      {
        DowntimeSeconds: [90, 120],
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: "SpotOptimizer/test",
              Metrics: [{ Name: "DowntimeSeconds", Unit: "Seconds" }],
            },
          ],
        },
      },
    ]);
  });

  it("is told by whichever function AWS has throttled, by API", () => {
    const variables = {
      AWS_REGION: "us-east-1",
      TABLE_NAME: "table",
      ADVISOR_FEED_URL: "https://feed.example.com/a.json",
      METRICS_NAMESPACE: "SpotOptimizer/test",
    };
    Object.assign(process.env, variables);
    const documents = written(() => {
      tellThrottle("EC2");
    });
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
    expect(documents).toMatchObject([
      {
        Api: "EC2",
        Throttles: 1,
        _aws: {
          CloudWatchMetrics: [
            {
              Namespace: "SpotOptimizer/test",
              Dimensions: [["Api"]],
              Metrics: [{ Name: "Throttles", Unit: "Count" }],
            },
          ],
        },
      },
    ]);
  });
});
