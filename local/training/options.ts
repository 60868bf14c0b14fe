/** The command line of a training. */
import * as z from "zod";
import { modelVersionSchema } from "../../core/risk/model-file.ts";
import {
  marketFileNeeds,
  marketFileOptions,
  marketFilesOf,
  type MarketFiles,
} from "../backtest/market-files.ts";
import { defineCommandLine } from "../terminal/command-line.ts";
import { flag, pathBelow } from "../terminal/option-values.ts";
import { isModelPath } from "./model-text.ts";

export interface TrainOptions extends MarketFiles {
  readonly heldOut: readonly string[];
  readonly version: string;
  /** Absolute, as all paths are. */
  readonly out: string;
  readonly isJson: boolean;
}

const usage = `Usage: npm run train -- --version NAME --out FILE [options]

Fits a risk model on recorded markets, reports how good it is later, and writes its file.

  --traces FILE…    traces of availability (default, where no --prices are given: the made-up ones of markets/made-1)
  --prices FILE     history of Spot prices in USD per hour (default: none)
  --on-demand FILE  the On-Demand prices that go with them (needed by --prices)
  --hold-out NAME…  of the traces, by name: only reported on (default: none)
  --version NAME    of the model (needed)
  --out FILE        where it is written, .ts or .json (needed)
  --json            print the figures as one JSON document
  --help            print this

Example: npm run train -- --version mine-1 --out .local/mine-1.json

Exit code: 0 done, 1 the data do not make a model, 2 wrong usage.
`;

export const trainCommandLine = (folder: string) =>
  defineCommandLine({
    command: "npm run train --",
    usage,
    needs: marketFileNeeds,
    schema: z
      .object({
        ...marketFileOptions(folder),
        "hold-out": z.array(z.string()).default([]),
        version: modelVersionSchema,
        out: pathBelow(folder).refine(isModelPath, "must end in .ts or .json"),
        json: flag,
      })
      .transform((values): TrainOptions => ({
        ...marketFilesOf(values),
        heldOut: values["hold-out"],
        version: values.version,
        out: values.out,
        isJson: values.json,
      })),
  });
