//! The numbers of a text's pieces to a vector, by the network in `model.onnx`.

use std::path::Path;
use std::sync::Arc;

use tract_onnx::pb::{ModelProto, tensor_proto::DataLocation};
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid;

use crate::config::encoder::Pooling;

/// What a transformer gives for each token, as it is usually called.
const TOKENS: &str = "last_hidden_state";

pub struct Model {
    plan: Arc<TypedRunnableModel>,
    inputs: Vec<(Input, DatumType)>,
    pooling: Pooling,
    /// Numbers in a vector.
    pub dim: usize,
}

/// What is asked of a text.
#[derive(Debug, Clone, Copy)]
enum Input {
    Ids,
    /// Which of them count: all.
    Mask,
    /// Of which of two texts each is: all of the first.
    Types,
}

impl Model {
    pub fn read(path: &Path, pooling: &Pooling) -> Result<Model, String> {
        let onnx = tract_onnx::onnx().with_ignore_value_info(true);
        let proto = onnx.proto_model_for_path(path).map_err(told)?;
        in_one_file(&proto)?;
        let mut model = onnx.model_for_proto_model(&proto).map_err(told)?;
        drop(proto);
        let inputs = inputs(&mut model)?;
        let output = output(&model, pooling)?;
        model.select_outputs_by_name([&output]).map_err(told)?;
        let plan = model
            .into_optimized()
            .and_then(IntoRunnable::into_runnable)
            .map_err(told)?;
        Ok(Model {
            plan,
            inputs,
            pooling: pooling.clone(),
            dim: 0,
        })
    }

    pub fn vector(&self, ids: &[u32]) -> Result<Vec<f32>, String> {
        if ids.is_empty() {
            return Ok(vec![0.0; self.dim]);
        }
        let inputs = self.inputs.iter().map(|(input, kind)| {
            let values: Vec<i64> = match input {
                Input::Ids => ids.iter().map(|id| i64::from(*id)).collect(),
                Input::Mask => vec![1; ids.len()],
                Input::Types => vec![0; ids.len()],
            };
            let tensor = Tensor::from_shape(&[1, ids.len()], &values)?;
            Ok(tensor.cast_to_dt(*kind)?.into_owned().into_tvalue())
        });
        let inputs: TVec<TValue> = inputs.collect::<TractResult<_>>().map_err(told)?;
        let given = self.plan.run(inputs).map_err(told)?;
        let given = given.first().ok_or("it gives nothing")?;
        let given = given.cast_to::<f32>().map_err(told)?;
        let view = given.to_plain_array_view::<f32>().map_err(told)?;
        let values: Vec<f32> = view.iter().copied().collect();
        match (&self.pooling, given.shape()) {
            (Pooling::Output(_), [1, dim] | [dim]) if *dim > 0 => Ok(values),
            (Pooling::First, [1, tokens, dim]) if *tokens == ids.len() && *dim > 0 => Ok(values[..*dim].to_vec()),
            (Pooling::Mean, [1, tokens, dim]) if *tokens == ids.len() && *dim > 0 => Ok(mean(&values, *dim)),
            (_, shape) => Err(format!(
                "its output for {} tokens has the form {shape:?}, which `pooling` of encoder.toml does not fit",
                ids.len()
            )),
        }
    }
}

fn mean(values: &[f32], dim: usize) -> Vec<f32> {
    let mut mean = vec![0.0; dim];
    for row in values.chunks_exact(dim) {
        for (sum, value) in mean.iter_mut().zip(row) {
            *sum += value;
        }
    }
    let tokens = (values.len() / dim) as f32;
    mean.iter_mut().for_each(|sum| *sum /= tokens);
    mean
}

/// The inputs in the model's order, each of one text of any length from here on.
fn inputs(model: &mut InferenceModel) -> Result<Vec<(Input, DatumType)>, String> {
    let outlets = model.input_outlets().map_err(told)?.to_vec();
    let length = model.sym("tokens");
    let mut inputs = Vec::new();
    for (at, outlet) in outlets.iter().enumerate() {
        let name = model.node(outlet.node).name.clone();
        let input = match name.as_str() {
            "input_ids" => Input::Ids,
            "attention_mask" => Input::Mask,
            "token_type_ids" => Input::Types,
            other => {
                return Err(format!(
                    "its input `{other}` is none of input_ids, attention_mask, token_type_ids"
                ));
            }
        };
        let kind = model.input_fact(at).map_err(told)?.datum_type.concretize();
        let kind = kind.unwrap_or(DatumType::I64);
        let fact = InferenceFact::dt_shape(kind, tvec![1.to_dim(), length.to_dim()]);
        model.set_input_fact(at, fact).map_err(told)?;
        inputs.push((input, kind));
    }
    match inputs.iter().any(|(input, _)| matches!(input, Input::Ids)) {
        true => Ok(inputs),
        false => Err("it has no input `input_ids`".to_owned()),
    }
}

/// The name of the output that is pooled.
fn output(model: &InferenceModel, pooling: &Pooling) -> Result<String, String> {
    let outlets = model.output_outlets().map_err(told)?;
    let names: Vec<&str> = outlets
        .iter()
        .filter_map(|outlet| model.outlet_label(*outlet))
        .collect();
    let wanted = match pooling {
        Pooling::Output(name) => name,
        // Some exports have but one, whatever they call it.
        _ if names.len() == 1 => names[0],
        _ => TOKENS,
    };
    match names.contains(&wanted) {
        true => Ok(wanted.to_owned()),
        false => Err(format!("it has no output `{wanted}`, only {}", names.join(", "))),
    }
}

/// Weights in files beside it would be read, but not be told apart from others by the model's name.
fn in_one_file(model: &ModelProto) -> Result<(), String> {
    let graph = model.graph.as_ref().ok_or("there is no model in it")?;
    let elsewhere = |location: Option<i32>| location == Some(DataLocation::External as i32);
    match graph.initializer.iter().find(|tensor| elsewhere(tensor.data_location)) {
        Some(tensor) => Err(format!("its weights `{}` stand in another file", tensor.name)),
        None => Ok(()),
    }
}

/// All that was wrong, the innermost last.
fn told(error: TractError) -> String {
    format!("{error:#}").replace('\n', " ")
}
