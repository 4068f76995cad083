export type { ActOptions, Agent, Metrics, Policy, Transition, UpdateResult } from './agent.js';
export {
  allocate,
  type DataType,
  dataTypeOf,
  isFloat32Array,
  isFloat64Array,
  isNumericArray,
  type NumericArray,
  sizeOf,
  typedArrayName,
} from './arrays.js';
export {
  type AgentGuardOptions,
  createAgent,
  createEnvironment,
  createTaskFamily,
  describeThrown,
  type GuardedEnvironment,
  type GuardOptions,
  guardAgent,
  guardEnvironment,
  guardMetaAgent,
  guardPolicy,
  guardTaskFamily,
  isFiniteValue,
  pendingCreations,
  refusalFault,
  requireSpace,
  resetProblem,
  stepProblem,
} from './checker/index.js';
export { parseConfig, parseUnknown } from './config.js';
export type {
  ActionOf,
  Environment,
  EnvironmentLike,
  GoalMark,
  Info,
  ObservationOf,
  RenderOptions,
  ResetOptions,
  ResetResult,
  StatisticsOptions,
  StepInfoOf,
  StepResult,
} from './environment.js';
export {
  AgentFaultError,
  BackendUnavailableError,
  DamagedDataError,
  DivergenceError,
  EnvironmentFaultError,
  type ErrorsByCode,
  InvalidInputError,
  InvalidStateError,
  isMaxentError,
  LockLostError,
  MaxentError,
  nearestNames,
  PluginError,
  SnapshotMismatchError,
  SpaceMismatchError,
  StorageError,
  UnknownNameError,
  WasmLoadError,
} from './errors.js';
export { fieldPath } from './field-path.js';
export { isRecord } from './is-record.js';
export type { JsonObject, JsonValue } from './json.js';
export { formatBytes, requireMemory } from './memory.js';
export {
  type Adaptation,
  type AdaptOptions,
  type Belief,
  isMetaAgent,
  type MetaAgent,
} from './meta-agent.js';
export { OutcomeRow } from './outcome-row.js';
export {
  type AgentContext,
  type AgentDefinition,
  type AnyAgentDefinition,
  type AnyEnvironmentDefinition,
  type AnyTaskFamilyDefinition,
  CONTRACT_VERSION,
  defineAgent,
  defineEnvironment,
  definePlugin,
  defineTaskFamily,
  type EnvironmentDefinition,
  type Plugin,
  Registry,
  type TaskFamilyDefinition,
} from './plugin.js';
export type {
  ActivationLayer,
  AffineLayer,
  CategoricalHead,
  CouplingLayer,
  DenseLayer,
  FlowHead,
  ImplicitHead,
  MixtureLayer,
  NormalizationLayer,
  PolicyDescription,
  PolicyHead,
  PolicyLayer,
  PolicyLevel,
  PolicyTask,
  SquashedGaussianHead,
  TableLayer,
  TaskEncoder,
} from './policy-description.js';
export { printable } from './printable.js';
export { sampleBeta } from './random/beta.js';
export { Rng, type RngState } from './random/rng.js';
export { zigguratTables } from './random/ziggurat.js';
export type {
  AgentDefinitionOf,
  AgentName,
  ConfigOf,
  EnvironmentDefinitionOf,
  EnvironmentId,
  MadeBy,
  OptionsOf,
  PresetOf,
  TaskFamilyDefinitionOf,
  TaskFamilyId,
} from './registered.js';
// Exported as a whole: other packages could not add to an interface that is re-exported by name.
export * from './registered-names.js';
export { requireOutcome } from './require-outcome.js';
export { requireTask } from './require-task.js';
export type { AdaptationCurves, Evaluation, RunEvent, RunListener, RunOutcome } from './run-events.js';
export { RunningStatistics } from './running-statistics.js';
export { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from './safetensors.js';
export { jsonSchemaOf, strictSchema, unknownKey } from './schema.js';
export { type SchemaProblem, schemaProblem } from './schema-problem.js';
export { showStored, showValue } from './show-value.js';
export {
  copySnapshot,
  emptyRowLog,
  joinSnapshots,
  oldestRow,
  type RowColumn,
  type RowLog,
  rowLogOf,
  type ShapedArray,
  type Snapshot,
  snapshotsEqual,
  splitSnapshot,
  withoutRows,
} from './snapshot.js';
export { Box, type BoxArray, type BoxOptions } from './spaces/box.js';
export { copyValue } from './spaces/copy-value.js';
export { Dict, type DictValue, type SpaceRecord } from './spaces/dict.js';
export { Discrete } from './spaces/discrete.js';
export { encodeValue } from './spaces/encode.js';
export { formProblem, isNumberList, requireForm } from './spaces/form.js';
export type { FormOf, ValueForm } from './spaces/form-of.js';
export { isBoundedBox, isBox, isDict, isDiscrete, isMultiDiscrete } from './spaces/kinds.js';
export { MultiDiscrete } from './spaces/multi-discrete.js';
export type { Space, ValueOf } from './spaces/space.js';
export { denseOf, requireSparseRows, type SparseRows, sparseRowsOf } from './sparse-rows.js';
export { svgProblem } from './svg-problem.js';
export { type Grid, requireActionNames, type TabularMdp, validateTabularMdp } from './tabular-mdp.js';
export type { TaskFamily, TaskFamilyLike, TaskOf, TaskSplit, TaskSplitOptions } from './task-family.js';
export {
  requireCount,
  requireDistribution,
  requireEnvironmentIndex,
  requireLength,
  requireList,
  requireNumbers,
  requireObject,
  requireRng,
  requireTypedNumbers,
} from './validation.js';
export {
  type EpisodeEnd,
  isVectorEnvironment,
  type VectorEnvironment,
  type VectorResetOptions,
  type VectorResetResult,
  type VectorStepOptions,
  type VectorStepResult,
} from './vector-environment.js';
