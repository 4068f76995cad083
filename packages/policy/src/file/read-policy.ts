import { decodeSafetensors, type JsonObject, type SafetensorsFile, type Space } from '@maxent/core';
import { categorical } from '../heads/categorical.js';
import { flow } from '../heads/flow.js';
import type { Head, HeadSite } from '../heads/head.js';
import { implicit } from '../heads/implicit.js';
import { squashedGaussian } from '../heads/squashed-gaussian.js';
import { Workspace } from '../network/workspace.js';
import { type AnyAction, type AnyObservation, filePolicy, type TrainedPolicy } from '../policy.js';
import { taskOf } from '../task/infer.js';
import { checksumOf } from './checksum.js';
import { Field } from './field.js';
import { spaceFromJson } from './spaces.js';
import { Tensors } from './tensors.js';

/** The version of the format; files of other versions are refused. */
export const FORMAT_VERSION = 1;

const HEADS: Readonly<Record<string, (site: HeadSite) => Head>> = {
  'squashed-gaussian': squashedGaussian,
  categorical,
  implicit,
  flow,
};

/**
 * Reads the policy in a file. Everything in the file is checked before memory is allocated for it, so untrusted files
 * are safe to read. For types see `loadPolicy`.
 *
 * Throws DamagedDataError, which names the field at fault, for bytes that are not a policy file or are damaged, and for
 * a format version or a layer that this version does not know.
 */
export function readPolicy<Action = AnyAction, Observation = AnyObservation>(
  bytes: Uint8Array,
): TrainedPolicy<Observation, Action> {
  const { tensors, fields } = parse(decodeSafetensors(bytes));
  const { actionSpace: actions, layers } = fields;
  const observationSpace = spaceFromJson(fields.observationSpace);
  const actionSpace = spaceFromJson(actions);
  const builder = { observationSpace, tensors: new Tensors(tensors), workspace: new Workspace() };
  const task =
    fields.task.value === null ? undefined : taskOf({ builder, field: fields.task, actionSpace, actions });
  const head = fields.head.pick(HEADS)({
    builder,
    head: fields.head,
    layers,
    stateSize: observationSpace.flatSize + (task?.size ?? 0),
    actionSpace,
    actions,
  });
  builder.tensors.requireAllRead(layers);
  fields.provenance.entries();
  const agent = fields.agent.text();
  builder.workspace.allocate();
  return filePolicy({
    agent,
    observationSpace: observationSpace as Space<Observation>,
    actionSpace: actionSpace as Space<Action>,
    provenance: fields.provenance.value as JsonObject,
    head,
    task,
    bytes,
  });
}

const KEYS = 'version agent observationSpace actionSpace layers head task provenance';

function parse({ tensors, metadata }: SafetensorsFile): {
  readonly tensors: SafetensorsFile['tensors'];
  readonly fields: ReturnType<typeof Field.prototype.fields<typeof KEYS>>;
} {
  const header = new Field('__metadata__', metadata);
  const text = header.at('policy').text();
  const crc32 = header.at('crc32');
  crc32.require(crc32.value === checksumOf(text, tensors), 'the checksum of the file, which is damaged');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    header.at('policy').refuse('is not JSON');
  }
  const policy = new Field('policy', json);
  // Checked first, because another version may have other fields.
  const version = policy.at('version');
  version.require(
    version.value === FORMAT_VERSION,
    `${FORMAT_VERSION}; load it with the version that wrote it`,
  );
  return { tensors, fields: policy.fields(KEYS) };
}
