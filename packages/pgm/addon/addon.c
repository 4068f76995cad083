// The Node-API addon of src/kernels/kernel-addon.ts.
#include "module.h"
#include "sweep-calls.h"

static const struct function functions[] = {
  {"sweep", sweep},
  {"weigh", weigh},
  {NULL, NULL},
};

NAPI_MODULE_INIT() {
  export_kernels(env, exports, functions);
  return exports;
}
