let enabled = true;

/** Turns the fused kernels off or on again, so that tests and benchmarks can run the composed operations. */
export function useFusedKernels(value: boolean): void {
  enabled = value;
}

/** Whether operations use the fused kernels where the current backend has them. */
export function fusedKernelsEnabled(): boolean {
  return enabled;
}
