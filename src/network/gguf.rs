//! GGUF files by memory map: metadata, and weights that stay in the page cache.
//!
//! On the CPU a weight is a view into the mapped file, so loading copies nothing and two
//! processes share one copy. Other devices get their own copy.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod header;

use std::borrow::Cow;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use candle_core::quantized::gguf_file::{Content, TensorInfo, Value};
use candle_core::quantized::k_quants::{self, GgmlType};
use candle_core::quantized::{GgmlDType, QStorage, QTensor, QuantizedType};
use candle_core::{CpuStorage, Device, Result, Tensor, bail};
use memmap2::Mmap;

/// An open GGUF file.
pub struct GgufFile {
    map: Arc<Mmap>,
    content: Content,
}

impl GgufFile {
    /// Maps the file and reads its header.
    ///
    /// # Errors
    /// When the file cannot be opened, is no GGUF file, or ends before its last tensor.
    pub fn open(path: &Path) -> Result<Self> {
        let file = std::fs::File::open(path)?;
        // SAFETY: the map is only read. A model file is replaced by rename, never rewritten in
        // place, so the pages behind the map do not change while it lives.
        let map = unsafe { Mmap::map(&file)? };
        header::check(&map)?;
        let content = Content::read(&mut std::io::Cursor::new(&map[..]))?;
        let gguf = Self { map: Arc::new(map), content };
        for (name, info) in &gguf.content.tensor_infos {
            gguf.range(name, info)?;
        }
        Ok(gguf)
    }

    /// The header, with the tokenizer's vocabulary among its metadata.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The header read anew, for what wants one of its own.
    ///
    /// # Errors
    /// As [`GgufFile::open`].
    pub(super) fn content_again(&self) -> Result<Content> {
        Content::read(&mut std::io::Cursor::new(self.bytes()))
    }

    /// The whole file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// A metadata value.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.content.metadata.get(key)
    }

    /// A metadata string.
    pub fn string(&self, key: &str) -> Option<&str> {
        self.value(key)?.to_string().ok().map(String::as_str)
    }

    /// A metadata number that every file of its architecture must have.
    ///
    /// # Errors
    /// When the key is absent or no whole number.
    pub fn usize(&self, key: &str) -> Result<usize> {
        match self.value(key).map(Value::to_u64) {
            Some(Ok(n)) => Ok(n as usize),
            Some(Err(e)) => Err(e),
            None => bail!("the file lacks the metadata key {key}"),
        }
    }

    /// A metadata number with a fraction, or `None` when absent.
    pub fn f64(&self, key: &str) -> Option<f64> {
        let value = self.value(key)?;
        value.to_f32().map(f64::from).or_else(|_| value.to_f64()).ok()
    }

    /// The shape of a weight, outermost dimension first, or `None` when the file has no such weight.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.content.tensor_infos.get(name).map(|info| info.shape.dims())
    }

    /// A weight as it is stored.
    ///
    /// # Errors
    /// When the file has no weight of that name, or the device is out of memory.
    pub fn tensor(&self, name: &str, device: &Device) -> Result<QTensor> {
        let Some(info) = self.content.tensor_infos.get(name) else {
            bail!("the file lacks the weight {name}")
        };
        let range = self.range(name, info)?;
        let storage = if device.is_cpu() {
            self.mapped(info.ggml_dtype, range)?
        } else {
            // candle reads it as blocks, none of which is aligned more than its floats.
            check_alignment(&self.map, &range, align_of::<f32>())?;
            QStorage::from_data(Cow::Borrowed(&self.map[range]), device, info.ggml_dtype)?
        };
        QTensor::new(storage, info.shape.clone())
    }

    /// Gives the memory of a weight back to the system. The weight stays readable: what is asked of it
    /// comes from the page cache again.
    pub fn release(&self, name: &str) {
        #[cfg(unix)]
        if let Some(info) = self.content.tensor_infos.get(name)
            && let Ok(range) = self.range(name, info)
        {
            let advice = memmap2::UncheckedAdvice::DontNeed;
            // SAFETY: the map is of a file, shared with nobody and never written, so pages that are
            // dropped come back as they were.
            let _ = unsafe { self.map.unchecked_advise_range(advice, range.start, range.len()) };
        }
    }

    /// A weight as 32-bit floats: for norms and biases, which are small.
    ///
    /// # Errors
    /// As [`GgufFile::tensor`].
    pub fn dequantized(&self, name: &str, device: &Device) -> Result<Tensor> {
        self.tensor(name, device)?.dequantize(device)
    }

    fn range(&self, name: &str, info: &TensorInfo) -> Result<std::ops::Range<usize>> {
        let product = |n: usize, dim: &usize| n.checked_mul(*dim);
        let Some(n_elements) = info.shape.dims().iter().try_fold(1, product) else {
            bail!("weight {name} has an impossible shape {:?}", info.shape)
        };
        let block_size = info.ggml_dtype.block_size();
        if !n_elements.is_multiple_of(block_size) {
            bail!("weight {name}: {n_elements} elements do not fill blocks of {block_size}")
        }
        let n_bytes = (n_elements / block_size).checked_mul(info.ggml_dtype.type_size());
        let start = (self.content.tensor_data_offset as usize).checked_add(info.offset as usize);
        let end = start.zip(n_bytes).and_then(|(start, n)| start.checked_add(n));
        match (start, end) {
            (Some(start), Some(end)) if end <= self.map.len() => Ok(start..end),
            _ => {
                bail!("the file is cut off: weight {name} lies beyond its {} bytes", self.map.len())
            }
        }
    }

    fn mapped(&self, dtype: GgmlDType, range: std::ops::Range<usize>) -> Result<QStorage> {
        use k_quants as k;
        let storage: Box<dyn QuantizedType> = match dtype {
            GgmlDType::F32 => Mapped::<f32>::boxed(&self.map, range)?,
            GgmlDType::F16 => Mapped::<half::f16>::boxed(&self.map, range)?,
            GgmlDType::BF16 => Mapped::<half::bf16>::boxed(&self.map, range)?,
            GgmlDType::Q4_0 => Mapped::<k::BlockQ4_0>::boxed(&self.map, range)?,
            GgmlDType::Q4_1 => Mapped::<k::BlockQ4_1>::boxed(&self.map, range)?,
            GgmlDType::Q5_0 => Mapped::<k::BlockQ5_0>::boxed(&self.map, range)?,
            GgmlDType::Q5_1 => Mapped::<k::BlockQ5_1>::boxed(&self.map, range)?,
            GgmlDType::Q8_0 => Mapped::<k::BlockQ8_0>::boxed(&self.map, range)?,
            GgmlDType::Q8_1 => Mapped::<k::BlockQ8_1>::boxed(&self.map, range)?,
            GgmlDType::Q2K => Mapped::<k::BlockQ2K>::boxed(&self.map, range)?,
            GgmlDType::Q3K => Mapped::<k::BlockQ3K>::boxed(&self.map, range)?,
            GgmlDType::Q4K => Mapped::<k::BlockQ4K>::boxed(&self.map, range)?,
            GgmlDType::Q5K => Mapped::<k::BlockQ5K>::boxed(&self.map, range)?,
            GgmlDType::Q6K => Mapped::<k::BlockQ6K>::boxed(&self.map, range)?,
            GgmlDType::Q8K => Mapped::<k::BlockQ8K>::boxed(&self.map, range)?,
        };
        Ok(QStorage::Cpu(storage))
    }
}

fn check_alignment(map: &Mmap, range: &std::ops::Range<usize>, align: usize) -> Result<()> {
    if !(map.as_ptr() as usize + range.start).is_multiple_of(align) {
        bail!("a weight at byte {} is not aligned", range.start)
    }
    Ok(())
}

/// Quantized blocks that lie in the mapped file.
struct Mapped<T> {
    map: Arc<Mmap>,
    start: usize,
    n_blocks: usize,
    block: PhantomData<T>,
}

impl<T: GgmlType + Send + Sync + 'static> Mapped<T> {
    fn boxed(map: &Arc<Mmap>, range: std::ops::Range<usize>) -> Result<Box<dyn QuantizedType>> {
        check_alignment(map, &range, align_of::<T>())?;
        let n_blocks = range.len() / size_of::<T>();
        Ok(Box::new(Self { map: map.clone(), start: range.start, n_blocks, block: PhantomData }))
    }

    fn blocks(&self) -> &[T] {
        let first = self.map[self.start..].as_ptr().cast::<T>();
        // SAFETY: `boxed` checked the alignment, `GgufFile::range` that the blocks lie inside the
        // map, and every bit pattern is a valid block: its fields are plain numbers.
        unsafe { std::slice::from_raw_parts(first, self.n_blocks) }
    }
}

impl<T: GgmlType + Send + Sync + 'static> QuantizedType for Mapped<T> {
    fn dtype(&self) -> GgmlDType {
        T::DTYPE
    }

    fn matmul_t(&self, mkn: (usize, usize, usize), lhs: &[f32], dst: &mut [f32]) -> Result<()> {
        k_quants::matmul(mkn, lhs, self.blocks(), dst)
    }

    fn matmul_t_f16(
        &self,
        mkn: (usize, usize, usize),
        lhs: &[half::f16],
        dst: &mut [half::f16],
    ) -> Result<()> {
        k_quants::matmul_f16(mkn, lhs, self.blocks(), dst)
    }

    fn embedding(&self, ids: &[u32], rows: usize, hidden: usize) -> Result<CpuStorage> {
        let row_blocks = hidden / T::BLCK_SIZE;
        let mut out = vec![0f32; ids.len() * hidden];
        for (&id, row) in ids.iter().zip(out.chunks_exact_mut(hidden)) {
            let id = id as usize;
            if id >= rows {
                bail!("token {id} is outside the vocabulary of {rows}")
            }
            T::to_float(&self.blocks()[id * row_blocks..(id + 1) * row_blocks], row);
        }
        Ok(CpuStorage::F32(out))
    }

    fn dequantize(&self, elem_count: usize) -> Result<CpuStorage> {
        let mut out = vec![0f32; elem_count];
        T::to_float(self.blocks(), &mut out);
        Ok(CpuStorage::F32(out))
    }

    fn storage_size_in_bytes(&self) -> usize {
        self.n_blocks * size_of::<T>()
    }

    fn as_ptr(&self) -> *const u8 {
        self.blocks().as_ptr().cast()
    }

    fn block_size(&self) -> usize {
        T::BLCK_SIZE
    }

    fn from_float(&mut self, _: &[f32]) {
        unreachable!("mapped weights are read-only")
    }

    fn from_float_imatrix(&mut self, _: &[f32], _: &[f32], _: usize) {
        unreachable!("mapped weights are read-only")
    }

    fn size(&self) -> usize {
        self.storage_size_in_bytes()
    }
}
